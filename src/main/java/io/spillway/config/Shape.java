package io.spillway.config;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a record of settings is written as a JSON object, as its annotations tell it. The binder, the
 * reload, the documentation and the schema all go by this.
 *
 * @param notYet keys of a later version
 */
record Shape(Class<?> type, List<Member> members, List<String> notYet) {

  static Shape of(Class<?> type) {
    return of(type, null);
  }

  private static Shape of(Class<?> type, Quantity quantity) {
    List<Member> members = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      members.add(quantity == null ? member(component) : member(component, quantity));
    }
    NotYet later = type.getAnnotation(NotYet.class);
    return new Shape(
        type, List.copyOf(members), later == null ? List.of() : List.of(later.value()));
  }

  /** All keys of the object, in order. */
  List<String> names() {
    return Stream.concat(members.stream().flatMap(Shape::names), notYet.stream()).toList();
  }

  /** The record, from the values of its components. */
  Object make(List<Object> values) {
    try {
      Class<?>[] types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values.toArray());
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("a record of settings can be made: " + type, impossible);
    }
  }

  /** The component's value in a record. */
  static Object value(Member member, Object settings) {
    try {
      return member.component().getAccessor().invoke(settings);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("a component can be read: " + member, impossible);
    }
  }

  private static Stream<String> names(Member member) {
    if (member instanceof Setting setting) {
      return Stream.of(setting.name());
    }
    if (member instanceof Member.Section section) {
      return Stream.of(section.name());
    }
    if (member instanceof Member.Many many) {
      return Stream.of(many.name());
    }
    return member instanceof Member.Unwrapped inner
        ? inner.shape().names().stream()
        : Stream.empty();
  }

  private static Member member(RecordComponent component) {
    Key key = component.getAnnotation(Key.class);
    if (key != null) {
      return Setting.of(component, key);
    }
    Section section = component.getAnnotation(Section.class);
    if (section != null) {
      Shape shape = of(component.getType(), component.getAnnotation(Quantity.class));
      return new Member.Section(component.getName(), section.value(), shape, component);
    }
    Entries entries = component.getAnnotation(Entries.class);
    if (entries != null) {
      ParameterizedType list = (ParameterizedType) component.getGenericType();
      Shape shape = of((Class<?>) list.getActualTypeArguments()[0]);
      return new Member.Many(component.getName(), entries.max(), entries.live(), shape, component);
    }
    if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
      return new Member.Unwrapped(of(component.getType()), component);
    }
    throw new AssertionError("a component without an annotation: " + component);
  }

  private static Member member(RecordComponent component, Quantity quantity) {
    Map<String, List<String>> values =
        Map.of(
            "score", List.of(quantity.score()),
            "scoreLow", List.of(quantity.scoreLow()),
            "warning", given(quantity.warning()),
            "critical", given(quantity.critical()),
            "lowWarning", given(quantity.lowWarning()),
            "lowCritical", given(quantity.lowCritical()),
            "margin", given(quantity.margin()));
    String name = component.getName();
    List<String> value = values.get(name);
    if (value.isEmpty()) {
      return new Member.None(component);
    }
    double min = name.equals("margin") ? 0 : (double) quantity.min();
    return Setting.of(component, component.getAnnotation(Key.class))
        .within(min, (double) quantity.max(), value, quantity.unit());
  }

  private static List<String> given(String value) {
    return value.isEmpty() ? List.of() : List.of(value);
  }
}
